// In the page's own world: says that the page's script has printed. A browser that shows no dialogue tells no event.

(() => {
    const print = window.print.bind(window);
    window.print = () => {
        print();
        document.dispatchEvent(new Event("comptoir-printed"));
    };
})();
