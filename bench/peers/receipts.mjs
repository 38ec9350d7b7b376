// The receipt by the libraries of Node.js: receiptline and @point-of-sale/receipt-printer-encoder.
//
// Reads {receipt, markup, columns} as one line of JSON, then orders: {library, seconds}. Answers each with
// {median (ms), data (base64)}, measured in this process, so that it stays warm from one round to the next.

import { createInterface } from 'node:readline';

import ReceiptPrinterEncoder from '@point-of-sale/receipt-printer-encoder';
import receiptline from 'receiptline';

let receipt, markup, columns;

/** A kept encoder: encode() gives its bytes and starts it anew. */
function withEncoder(encoder, codepage) {
    encoder.initialize().codepage(codepage);
    for (const [kind, ...said] of receipt) {
        if (kind === 'text') {
            const [text, align, bold, double] = said;
            const size = double ? 2 : 1;
            encoder.align(align).bold(bold).size(size, size).line(text).size(1, 1).bold(false).align('left');
        } else if (kind === 'row') {
            const [left, right, bold] = said;
            encoder.bold(bold).line(left + right.padStart(columns - left.length)).bold(false);
        } else if (kind === 'rule') {
            encoder.line('-'.repeat(columns));
        } else if (kind === 'barcode') {
            encoder.align('center').barcode(`{B${said[0]}`, 'code128', { height: 72, width: 2 }).align('left');
        } else {
            encoder.align('center').qrcode(said[0], { model: 2, size: 6, errorlevel: 'm' }).align('left');
        }
    }
    return encoder.cut('partial').encode();
}

const encoder = new ReceiptPrinterEncoder({ printerModel: 'epson-tm-t88v', columns: 42 });
const LIBRARIES = {
    receiptline: () => receiptline.transform(markup, { cpl: columns, encoding: 'multilingual', command: 'escpos' }),
    cp858: () => withEncoder(encoder, 'cp858'),
    auto: () => withEncoder(encoder, 'auto'),
};

function measured({ library, seconds }) {
    const make = LIBRARIES[library];
    const times = [];
    // receiptline gives a string of bytes
    const data = Buffer.from(make(), 'latin1').toString('base64');
    for (const end = performance.now() + seconds * 1000; performance.now() < end;) {
        const start = performance.now();
        make();
        times.push(performance.now() - start);
    }
    times.sort((one, other) => one - other);
    return { median: times[times.length >> 1], data };
}

for await (const line of createInterface({ input: process.stdin })) {
    const order = JSON.parse(line);
    if (order.receipt) {
        ({ receipt, markup, columns } = order);
    } else {
        process.stdout.write(`${JSON.stringify(measured(order))}\n`);
    }
}
