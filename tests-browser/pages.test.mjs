// Proves that the walk sees what it is there to see: one sound page, and one page with each fault.
// node --test tests-browser/

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileName, walk } from './walk.mjs';

const page = ({ head = '', body = '', lang = 'lang="en"' }) => `<!DOCTYPE html>
<html ${lang}><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><title>A page</title>${head}</head>
<body><main><h1>A page</h1><p>Some text.</p>${body}</main></body></html>`;

const DIALOG = `<button type="button" command="show-modal" commandfor="d">Open</button>
<dialog id="d" aria-labelledby="t"><h2 id="t">A dialog</h2><form method="dialog"><button type="submit">Close</button></form></dialog>`;

let elsewhere;
const PAGES = {
  '/sound': () => page({ body: `<details><summary>More</summary><p>Text.</p></details>${DIALOG}` }),
  '/invalid': () => page({ body: '<p>One<div>Two</div></p>' }),
  '/style': () => page({ body: '<p style="margin: 0">Text.</p>' }),
  '/script-only': () => page({}).replace('<h1>A page</h1>', '<script src="/heading.js"></script>'),
  '/language': () => page({ lang: '' }),
  '/folded': () => page({ body: '<details><summary>More</summary><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="></details>' }),
  '/dark': () => page({ head: '<style>@media (prefers-color-scheme: dark) { p { color: #222; background: #111; } }</style>' }),
  '/wide': () => page({ head: '<style>p { width: 500px; }</style>' }),
  '/dialog': () => page({ body: DIALOG.replace('</form>', '<input></form>') }),
  '/no-button': () => page({ body: DIALOG.replace(/<button.*<\/button>/, '') }),
  '/error': () => page({ body: '<script src="/throws.js"></script>' }),
  '/foreign': () => page({ body: `<img alt="" src="${elsewhere}/pixel.gif">` }),
  '/heading.js': () => 'document.querySelector("main").prepend(Object.assign(document.createElement("h1"), { textContent: "Late" }));',
  '/throws.js': () => 'throw new Error("no");',
  '/signin': () => page({ body: '<form method="post" action="/signin"><button type="submit">Sign in</button></form>' }),
};

function serve() {
  const server = createServer((request, response) => {
    const path = new URL(request.url, 'http://x').pathname;
    if (request.method === 'POST' && path === '/signin') {
      return response.writeHead(303, { location: '/sound', 'set-cookie': 'session=1; HttpOnly' }).end();
    }
    if (path === '/hangs-up') return request.socket.destroy();
    if (path === '/private') {
      return response.writeHead(request.headers.cookie === 'session=1' ? 200 : 401, { 'content-type': 'text/html' }).end(page({}));
    }
    const type = path.endsWith('.js') ? 'text/javascript' : path.endsWith('.gif') ? 'image/gif' : 'text/html';
    const body = PAGES[path]?.();
    response.writeHead(body || type === 'image/gif' ? 200 : 404, { 'content-type': type }).end(body ?? 'Nothing here');
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

const FAULTS = [
  ['/invalid', /is valid HTML: line 4:/],
  ['/style', /no-inline-style/],
  ['/script-only', /shows its heading without script: no visible h1/],
  ['/language', /axe: html-has-lang/],
  ['/folded', /axe: image-alt/],
  ['/dark', /phone dark: axe: color-contrast/],
  ['/wide', /phone light: no sideways scroll: the page needs \d+ px of 390/],
  ['/dialog', /axe in dialog d: label/],
  ['/no-button', /dialog d has a button: nothing/],
  ['/error', /no console error: Error: no/],
  ['/foreign', /no request to another origin: .*pixel\.gif/],
  ['/missing', /answers: status 404/],
  ['/hangs-up', /can be looked at: /],
  ['/private', /answers: status 401/],
];

let here, there, base, screens, found;
before(async () => {
  [here, there] = [await serve(), await serve()];
  base = `http://127.0.0.1:${here.address().port}`;
  elsewhere = `http://127.0.0.1:${there.address().port}`;
  screens = mkdtempSync(join(tmpdir(), 'screens-'));
  found = await faults([...FAULTS.map(([path]) => path), '/sound']);
});
after(() => {
  here.close();
  there.close();
  rmSync(screens, { recursive: true });
});

/** What the walk finds wrong. */
async function faults(paths, options = {}) {
  const found = [];
  await walk({ base, paths, screens, ...options }, (name, wrong) => wrong.length > 0 && found.push(`${name}: ${wrong}`));
  return found;
}

test('a sound page passes after faulty ones, and leaves its screenshots', () => {
  assert.deepEqual(found.filter((line) => line.startsWith('/sound')), []);
  const shots = readdirSync(screens);
  for (const view of ['desktop-light', 'desktop-dark', 'phone-light', 'phone-dark']) {
    assert.ok(shots.includes(`sound-${view}.png`) && shots.includes(`sound-d-${view}.png`), String(shots));
  }
});

for (const [path, fault] of FAULTS) {
  test(`the fault of ${path} is found`, () => {
    assert.match(found.filter((line) => line.startsWith(`${path} `)).join('\n'), fault);
  });
}

test('a session is started by link and button, or brought along', async () => {
  assert.deepEqual(await faults(['/private'], { signin: '/signin' }), []);
  assert.deepEqual(await faults(['/private'], { cookie: 'session=1' }), []);
  await assert.rejects(faults(['/private'], { signin: '/style' }), /started no session/);
});

test('screenshots are named after the path', () => {
  assert.equal(fileName('/'), 'home');
  assert.equal(fileName('/now.html'), 'now');
  assert.equal(fileName('/incidents/2026-041?tab=log'), 'incidents-2026-041-tab-log');
});
