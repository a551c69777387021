// Fetches a page again and puts its named parts (data-live) in place of those shown.
// Nothing moves under a finger: a part stays as it is while somebody types in it, and new log
// entries wait behind a button while the reader has scrolled or is writing.

const typing = 'input:not([type=hidden],[type=radio],[type=checkbox]), textarea, select';

/** The page at `url`, or null if its reader is signed out. A form that came back stands at the address it was sent to, which
    leads to the page that has it. */
export async function fetchPage(url) {
  const answer = await fetch(url, { headers: { 'X-Live': '1' }, cache: 'no-store' });
  const signIn = answer.redirected && new URL(answer.url).pathname === '/sign-in';
  if (answer.status === 401 || signIn) return null;
  if (answer.status === 404) location.reload(); // it is not there any more for whoever reads it
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return new DOMParser().parseFromString(await answer.text(), 'text/html');
}

/** Puts the parts of `fresh` in place; `only` limits it to one. */
export function swap(fresh, only) {
  for (const part of document.querySelectorAll(only ? `[data-live="${only}"]` : '[data-live]')) {
    const next = fresh.querySelector(`[data-live="${part.dataset.live}"]`);
    if (!next) part.replaceChildren();
    else if (same(part, next) || busy(part)) continue;
    else if ('hold' in part.dataset && holds(part)) wait(part, next);
    else put(part, next);
  }
  if (!only && fresh.title) document.title = fresh.title;
}

/** The ids of forms differ in every rendering, the words of times grow, and a log is checked each time: none is news. */
function same(a, b) {
  // A log that grew at its end is as the server says while what it said first is the same.
  const bare = (part) => (part.plain ?? part.innerHTML)
    .replace(/name="act" value="[^"]*"/g, '')
    .replace(/(data-tick="[^"]*">)[^<]*/g, '$1')
    .replace(/(data-foot(?:="")?>.*?checked at )<time .*?<\/time>/s, '$1')
    .replace(/ open(="")?(?=[ >])/g, '');
  return bare(a) === bare(b);
}

function busy(part) {
  if (part.querySelector('dialog[open]') || document.activeElement?.closest('dialog[open]')) return part.dataset.live === 'dialogs';
  if (part.querySelector('[data-problems]')) return true; // a form that came back holds what was typed
  const fields = [...part.querySelectorAll(typing)];
  return fields.some((f) => f === document.activeElement || (f.value !== (f.defaultValue ?? f.value) && !f.readOnly));
}

function holds(part) {
  const composer = document.querySelector('.composer textarea');
  const writing = composer && (composer === document.activeElement || composer.value.trim());
  const inside = part.contains(document.activeElement);
  return writing || inside || part.getBoundingClientRect().top < 0;
}

function wait(part, next) {
  const known = new Set([...part.querySelectorAll('li[id]')].map((li) => li.id));
  const count = [...next.querySelectorAll('li[id]')].filter((li) => !known.has(li.id)).length;
  part.pending = next;
  let button = part.querySelector('.news');
  if (!button) {
    button = document.createElement('button');
    button.className = 'btn primary sm news';
    button.type = 'button';
    button.setAttribute('role', 'status');
    button.onclick = () => {
      put(part, part.pending);
      part.scrollIntoView({ block: 'start' });
      part.querySelector('a[href]')?.focus({ preventScroll: true });
    };
    part.prepend(button);
  }
  button.textContent = count === 0 ? 'The log has changed' : count === 1 ? '1 new entry' : `${count} new entries`;
}

function put(part, next) {
  const focused = part.contains(document.activeElement) ? place(part, document.activeElement) : null;
  const open = [...part.querySelectorAll('details[open][id]')].map((d) => d.id);
  const scrolled = [...part.querySelectorAll('[tabindex="0"]')].map((e) => e.scrollLeft);
  delete part.plain;
  part.replaceChildren(...[...next.childNodes].map((node) => document.importNode(node, true)));
  for (const id of open) document.getElementById(id)?.setAttribute('open', '');
  part.querySelectorAll('[tabindex="0"]').forEach((e, i) => { e.scrollLeft = scrolled[i] ?? 0; });
  if (focused) find(part, focused)?.focus({ preventScroll: true });
}

// Where the focus was: by id, else by its address, else by its position among its kind.
function place(part, element) {
  const kind = element.localName;
  const index = [...part.querySelectorAll(kind)].indexOf(element);
  return { id: element.id, href: element.getAttribute('href'), kind, index };
}

function find(part, { id, href, kind, index }) {
  const all = [...part.querySelectorAll(kind)];
  return (id && document.getElementById(id)) || (href && all.find((e) => e.getAttribute('href') === href)) || all[index];
}
