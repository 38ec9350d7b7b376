// On the pages of chosen sites: tells the extension that something was printed, by Ctrl+P or by the page's script.

(() => {
    const tell = () => chrome.runtime.sendMessage({ ask: "printed" }).catch(() => {});
    window.addEventListener("afterprint", tell);
    document.addEventListener("comptoir-printed", tell);
})();
