// A log goes on where its reader comes to the end: older entries are fetched and put below those shown, and nobody leaves
// the page for them. Where panels stand below the log, as on a phone, only a tap does: scrolling past it leads to them.

import { fetchPage } from './swap.js';

const AHEAD = '400px'; // fetched so far before the end comes into view
let coming = null;

/** Whether nothing stands below the log of that link. */
const isLast = (link) => getComputedStyle(link.closest('.cols')).gridTemplateColumns.split(' ').length > 1;

/** The first entry that came; nothing if none could be fetched. Who asks while some are coming waits for those. */
function more(link) {
  coming ??= fetched(link).catch(() => null).finally(() => { coming = null; });
  return coming;
}

async function fetched(link) {
  const part = link.closest('[data-live]');
  const fresh = await fetchPage(link.href);
  const next = fresh?.querySelector(`[data-live="${part.dataset.live}"]`);
  // Meanwhile the page may have been drawn anew.
  return next && link.isConnected ? append(part, next) : null;
}

function append(part, next) {
  part.plain ??= part.innerHTML; // what the server says of it, to see whether that changes
  const log = part.querySelector('.log');
  const heading = (day) => day.firstElementChild?.textContent;
  const days = new Set([...log.querySelectorAll('.day')].map(heading));
  const known = new Set([...log.querySelectorAll('li[id]')].map((entry) => entry.id));
  const isNew = (li) => (li.matches('.day') ? !days.has(heading(li)) : !known.has(li.id));
  const came = [...next.querySelectorAll('.log > li')].filter(isNew).map((li) => document.importNode(li, true));
  log.append(...came);
  part.querySelector('[data-foot]').replaceChildren(...next.querySelector('[data-foot]').cloneNode(true).childNodes);
  look();
  return came.find((li) => li.id);
}

const end = new IntersectionObserver((seen) => {
  for (const { isIntersecting, target } of seen) if (isIntersecting && isLast(target)) more(target);
}, { rootMargin: AHEAD });

function look() {
  end.disconnect();
  for (const link of document.querySelectorAll('.cols a[data-older]')) end.observe(link);
}

document.addEventListener('click', async (e) => {
  const link = e.target.closest?.('.cols a[data-older]');
  if (!link || e.ctrlKey || e.metaKey || e.shiftKey || e.button !== 0) return;
  e.preventDefault();
  const entry = await more(link);
  if (!entry) return location.assign(link.href);
  entry.setAttribute('tabindex', '-1');
  entry.focus();
});

// Who has not scrolled reads the newest. A part that is drawn anew has another link.
addEventListener('scroll', look, { passive: true });
