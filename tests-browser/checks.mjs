// What is checked of one page. Each check returns what is wrong, in words; an empty list means nothing.

import axe from 'axe-core';
import { HtmlValidate, StaticConfigLoader } from 'html-validate';

/** WCAG 2.2 A and AA, and what axe calls best practice. */
const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const validator = new HtmlValidate(
  new StaticConfigLoader({
    extends: ['html-validate:recommended'],
    rules: {
      'no-inline-style': 'error',
      // White space at the end of a line is no error of HTML, only of taste; a template engine leaves some.
      'no-trailing-whitespace': 'off',
      // Boxes that share a name are one list of choices, as radio buttons are.
      'form-dup-name': ['error', { shared: ['radio', 'checkbox', 'button', 'submit', 'reset'] }],
    },
  }),
);

/** Errors in the HTML as it was served. */
export async function htmlErrors(html) {
  const report = await validator.validateString(html);
  const messages = report.results.flatMap((result) => result.messages).filter((m) => m.severity === 2);
  return messages.map((m) => `line ${m.line}: ${m.message} (${m.ruleId})`);
}

/** The rules whose outcome depends on colours; every other finds the same in a light and in a dark page. */
const AXE_COLOURS = ['color-contrast', 'link-in-text-block'];

/**
 * Violations that axe finds in the page as it stands, or in what `within` selects; only those of colour, if wanted.
 * Injected past the page's own content security policy.
 */
export async function axeViolations(page, { within = 'html', colours = false } = {}) {
  await page.evaluate(axe.source);
  const runOnly = colours ? { type: 'rule', values: AXE_COLOURS } : { type: 'tag', values: AXE_TAGS };
  const { violations } = await page.evaluate(
    ([selector, rules]) => window.axe.run(selector, { runOnly: rules, resultTypes: ['violations'] }),
    [within, runOnly],
  );
  return violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.target.join(' ')).slice(0, 5).join(' | ')}`);
}

/** Whether a reader would have to scroll sideways. A phone zooms out and reports a wider window, hence `width`. */
export async function sidewaysScroll(page, width) {
  const need = await page.evaluate(() => document.scrollingElement.scrollWidth);
  return need > width ? [`the page needs ${need} px of ${width}`] : [];
}

/** Opens every <details>, also those of which only one may be open at a time. */
export async function openDetails(page) {
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) {
      details.removeAttribute('name');
      details.open = true;
    }
  });
}

/** Ids of all dialogs, each with whether a button in the page opens it. */
export function dialogs(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll('dialog')].map((d) => ({
      id: d.id,
      button: document.querySelector(`button[commandfor="${CSS.escape(d.id)}"][command="show-modal"], a[href="#${CSS.escape(d.id)}"]`) !== null
        || d.id === 'dlg-keys', // the help on keys is opened by a key
    })),
  );
}

/** Presses the button that opens a dialog, wherever it is on the page. */
export async function openDialog(page, id) {
  return page.evaluate((id) => {
    const opener = document.querySelector(`button[commandfor="${CSS.escape(id)}"][command="show-modal"], a[href="#${CSS.escape(id)}"]`);
    if (opener) opener.click();
    else document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '?', bubbles: true }));
    return document.getElementById(id).open ? [] : [`its button does not open dialog ${id}`];
  }, id);
}

/** Closes a dialog, so that the next one can be opened. */
export function closeDialog(page, id) {
  return page.evaluate((id) => document.getElementById(id).close(), id);
}

/**
 * Collects, while the page lives, what its console calls an error and which requests leave its origin.
 * A page makes no third-party request, not even one that is then blocked.
 */
export function watch(page, origin) {
  const seen = { errors: [], foreign: [] };
  page.on('console', (m) => m.type() === 'error' && seen.errors.push(`${m.text()} (${m.location().url})`));
  page.on('pageerror', (e) => seen.errors.push(String(e)));
  const note = (url) => {
    if (/^(https?|wss?):/.test(url) && new URL(url).host !== new URL(origin).host) seen.foreign.push(url);
  };
  page.on('request', (request) => note(request.url()));
  page.on('websocket', (socket) => note(socket.url()));
  return seen;
}
