// What is typed stays on this device until the server says that it is stored: each form of its own, never one with a
// password. Without it everything still works; a page that cannot be sent then loses what was typed.

const PREFIX = 'muster-draft:';
const SENT = 'muster-sent';
const typed = 'textarea[name], input[type=text][name]';

function store(name, value) {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, JSON.stringify(value));
  } catch { /* A browser that keeps nothing keeps no drafts. */ }
}

function stored(name) {
  try {
    return JSON.parse(localStorage.getItem(name)) ?? {};
  } catch {
    return {};
  }
}

/** A personal link is as good as a password: of its address only a digest is kept. */
function digest(text) {
  let hash = 0x811c9dc5;
  for (const unit of text) hash = Math.imul(hash ^ unit.codePointAt(0), 0x01000193) >>> 0;
  return hash.toString(16);
}

/** Where the draft of a form is kept: by its address, and by what it is about where several have the same. */
function key(form) {
  if (form.method !== 'post' || form.querySelector('[type=password], [autocomplete=username]')) return null;
  const about = [...form.querySelectorAll('input[type=hidden]')].filter((f) => !['act', 'seen'].includes(f.name));
  const path = new URL(form.action).pathname;
  const address = path.startsWith('/l/') ? `/l/${digest(path)}` : path;
  return PREFIX + [address, ...about.map((f) => `${f.name}=${f.value}`)].join(' ');
}

function keep(form) {
  const name = key(form);
  if (!name) return;
  const changed = [...form.querySelectorAll(typed)].filter((f) => f.value !== f.defaultValue);
  store(name, changed.length ? Object.fromEntries(changed.map((f) => [f.name, [f.value, f.defaultValue]])) : null);
}

/** Puts the draft back, but where the server says something else by now; and says so. */
function restore(form, sent) {
  const name = key(form);
  const draft = name ? stored(name) : {};
  const back = [...form.querySelectorAll(typed)].filter((f) => draft[f.name]?.[1] === f.defaultValue && f.value === f.defaultValue);
  for (const field of back) [field.value] = draft[field.name];
  if (!back.length) return;
  const note = document.createElement('p');
  note.className = 'hint';
  note.dataset.restored = '';
  note.setAttribute('role', 'status');
  note.textContent = sent.draft === name
    ? 'Restored from this device. It was sent, but no answer came: look whether it is stored already. '
    : 'Restored from this device. It is not stored yet. ';
  const away = document.createElement('button');
  away.className = 'btn plain sm';
  away.type = 'button';
  away.textContent = 'Throw it away';
  away.onclick = () => {
    for (const field of back) field.value = field.defaultValue;
    store(name, null);
    note.remove();
  };
  note.append(away);
  form.prepend(note);
  for (let box = form.closest('details'); box; box = box.parentElement.closest('details')) box.open = true;
}

/** The form is on its way: its draft goes when a page says that its act is done. */
export function sending(form) {
  const draft = key(form);
  if (draft && form.elements.act) store(SENT, { act: form.elements.act.value, draft });
  // Whoever signs out may leave the device to somebody else.
  if (new URL(form.action).pathname === '/sign-out') {
    try {
      Object.keys(localStorage).filter((name) => name.startsWith(PREFIX)).forEach((name) => localStorage.removeItem(name));
    } catch { /* As above. */ }
  }
}

const done = document.body.dataset.done;
const sent = stored(SENT);
if (done) {
  if (sent.act === done) {
    store(sent.draft, null);
    store(SENT, null);
  }
  const url = new URL(location.href);
  url.searchParams.delete('done');
  history.replaceState(null, '', url);
}
for (const form of document.forms) restore(form, sent.act === done ? {} : sent);
document.addEventListener('input', (e) => e.target.form && keep(e.target.form));
