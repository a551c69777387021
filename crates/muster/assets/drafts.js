// What is typed or chosen stays on this device until the server says that it is stored: each form of its own, never one with
// a password. Without it everything still works; a page that cannot be sent then loses what was typed.
//
// A draft has each field that differs as [what it says, what the server said under it…], and under '' what was typed over
// something that reads otherwise by now.

const PREFIX = 'muster-draft:';
const SENT = 'muster-sent';
const KEPT = 'textarea[name], select[name], input:is([type=text], [type=radio], [type=checkbox])[name]';
/** Drafts that this page knows: a form that is drawn anew gets its own again, and not what another page is about to send. */
const ours = new Set();

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
  const path = new URL(form.action).pathname;
  // `anyway` comes and goes while one types; `was` goes when somebody changes what stands there, but a row of a list has
  // no other name.
  const passing = ['act', 'seen', 'anyway', /\/\d+$/.test(path) ? '' : 'was'];
  const about = [...form.querySelectorAll('input[type=hidden]')].filter((f) => !passing.includes(f.name));
  const address = path.startsWith('/l/') ? `/l/${digest(path)}` : path;
  return PREFIX + [address, ...about.map((f) => `${f.name}=${f.value}`)].join(' ');
}

// == What fields say: those of one name together, such as the pills of a choice

function named(form) {
  const all = [...form.querySelectorAll(KEPT)];
  return [...new Set(all.map((f) => f.name))].map((name) => [name, all.filter((f) => f.name === name)]);
}

/** What there is to choose in a field; nothing where one types. */
function choices(field) {
  if (field.options) return [...field.options];
  return field.matches('[type=radio], [type=checkbox]') ? [field] : null;
}

/** The text, or a line for each choice; `first` as the server said it. */
function says(fields, first) {
  const each = fields.flatMap((field) => {
    const all = choices(field);
    if (!all) return first ? field.defaultValue : field.value;
    const on = all.filter((c) => (first ? c.defaultSelected ?? c.defaultChecked : c.selected ?? c.checked));
    // A list in which the server chose nothing shows its first.
    return (on.length || field.type !== 'select-one' ? on : all.slice(0, 1)).map((c) => c.value);
  });
  return each.join('\n').trim();
}

function put(fields, text) {
  for (const field of fields) {
    const all = choices(field);
    if (!all) field.value = text;
    else for (const c of all) c[field.options ? 'selected' : 'checked'] = text.split('\n').includes(c.value);
  }
}

/** The same for people: what the fields are called, and what `text` is in words. */
function words(fields, text) {
  const [field] = fields;
  const name = (field.options ? null : choices(field)) ? field.closest('fieldset')?.querySelector('legend') : field.labels[0];
  const chosen = fields.flatMap((f) => choices(f) ?? []).filter((c) => text.split('\n').includes(c.value));
  return [name?.textContent ?? '', chosen.map((c) => (c.labels?.[0] ?? c).textContent.trim()).join(', ') || text];
}

// == Keeping

function keep(form) {
  const name = key(form);
  if (!name) return;
  ours.add(name);
  const draft = stored(name);
  for (const [field, fields] of named(form)) {
    const [value, now, old] = [says(fields), says(fields, true), draft[field] ?? []];
    // A form that came back says what was sent, which is not stored: what was there before counts as well.
    const under = old.includes(now) ? [...new Set([...old.slice(1), now])] : [now];
    if (value !== now || value !== under[0]) draft[field] = [value, ...under];
    else delete draft[field];
  }
  store(name, Object.keys(draft).length ? draft : null);
}

function element(kind, className, text) {
  const made = document.createElement(kind);
  made.className = className;
  made.textContent = text;
  return made;
}

function button(text, act) {
  const made = element('button', 'btn plain sm', text);
  made.type = 'button';
  made.onclick = act;
  return made;
}

/** A note at the top of the form, which is unfolded. */
function note(form, kind, ...content) {
  const made = element('div', 'hint', '');
  made.dataset[kind] = '';
  made.setAttribute('role', 'status');
  made.append(...content);
  form.prepend(made);
  unfold(form);
  return made;
}

function unfold(part) {
  for (let box = part.closest('details'); box; box = box.parentElement.closest('details')) box.open = true;
}

/** Puts the draft back, but where the server says something else by now; and says so. */
function restore(form) {
  const name = key(form);
  const draft = name ? stored(name) : {};
  const [back, over] = [[], {}];
  for (const [field, fields] of named(form)) {
    const [value, ...under] = draft[field] ?? [];
    const now = says(fields, true);
    // Some browsers fill in by themselves what was typed.
    if (value === undefined || value === now || ![value, now].includes(says(fields))) continue;
    const same = under.includes(now);
    put(fields, same ? value : now);
    if (same) back.push(fields);
    else if (value) over[field] = value;
  }
  if (Object.keys(draft).length) ours.add(name);
  if (Object.keys(over).length) {
    store(name, { ...draft, '': [...(draft[''] ?? []), over] });
    keep(form);
  }
  offer(form);
  if (!back.length) return;
  const text = sent.draft === name
    ? 'Restored from this device. It was sent, but no answer came: look whether it is stored already. '
    : 'Restored from this device. It is not stored yet. ';
  const made = note(form, 'restored', text, button('Throw it away', () => {
    for (const fields of back) put(fields, says(fields, true));
    keep(form);
    made.remove();
  }));
  for (const [field] of back) unfold(field);
}

/** Shows what was typed over something that reads otherwise by now. It is its writer's to say what becomes of it. */
function offer(form) {
  for (const old of form.querySelectorAll('[data-kept]')) old.remove();
  const name = key(form);
  for (const over of (name && stored(name)['']) || []) {
    const about = named(form).filter(([field]) => field in over);
    if (!about.length) continue;
    const settle = (...instead) => {
      const draft = stored(name);
      const left = (draft[''] ?? []).filter((other) => JSON.stringify(other) !== JSON.stringify(over)).concat(instead);
      if (left.length) draft[''] = left;
      else delete draft[''];
      store(name, draft);
      keep(form);
      offer(form);
    };
    const list = element('dl', 'kv lines', '');
    for (const [field, fields] of about) {
      const [label, text] = words(fields, over[field]);
      list.append(element('dt', '', label), element('dd', '', text));
    }
    const putIn = () => {
      // What was typed since is kept in its place.
      const since = about.filter(([, fields]) => says(fields) && says(fields) !== says(fields, true));
      const instead = since.map(([field, fields]) => [field, says(fields)]);
      for (const [field, fields] of about) put(fields, over[field]);
      settle(...(instead.length ? [Object.fromEntries(instead)] : []));
      const [[, [first]]] = about;
      first.focus();
      first.dispatchEvent(new Event('input', { bubbles: true }));
    };
    const ask = [button('Put it in', putIn), button('Throw it away', () => settle())];
    note(form, 'kept', 'This was changed meanwhile. What you had typed is kept:', list, ...ask);
  }
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
let sent = stored(SENT);
if (done) {
  if (sent.act === done) {
    const over = stored(sent.draft)[''];
    store(sent.draft, over ? { '': over } : null);
    store(SENT, null);
    sent = {};
  }
  const url = new URL(location.href);
  url.searchParams.delete('done');
  history.replaceState(null, '', url);
}
const known = new WeakSet(document.forms);
for (const form of document.forms) restore(form);
document.addEventListener('input', (e) => e.target.form && keep(e.target.form));
// A part of the page that is drawn anew has forms as the server says them.
new MutationObserver(() => {
  for (const form of document.forms) {
    if (known.has(form)) continue;
    known.add(form);
    if (ours.has(key(form))) restore(form);
  }
}).observe(document.body, { childList: true, subtree: true });
