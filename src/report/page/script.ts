/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/** The page's script: sorting, filtering, unfolding and copying for a reader who allows it. The page says all without it. */

/** Runs in the page, as text: it can use nothing from outside its own body. */
export const enhance = (): void => {
  const rowsWorthFiltering = 8;

  function button(label: string, act: () => void): HTMLButtonElement {
    const made = document.createElement('button');
    made.type = 'button';
    made.textContent = label;
    made.addEventListener('click', act);
    return made;
  }

  function sortable(table: HTMLTableElement): void {
    const body = table.tBodies[0];
    const heads = Array.from(table.tHead?.rows[0]?.cells ?? []);
    if (body === undefined) return;
    const original = Array.from(body.rows);
    if (original.length < 2) return;
    heads.forEach((head, at) => {
      const name = head.textContent ?? '';
      const sort = button(name, () => {
        const now = head.getAttribute('aria-sort');
        const next = now === null ? 'ascending' : now === 'ascending' ? 'descending' : null;
        for (const other of heads) other.removeAttribute('aria-sort');
        if (next !== null) head.setAttribute('aria-sort', next);
        body.append(...(next === null ? original : ordered(original, at, next)));
      });
      sort.title = `Sort by ${name}`;
      // A button in a repeated table head is printed on the first page only: paper gets the plain name.
      const printed = document.createElement('span');
      printed.className = 'printed';
      printed.textContent = name;
      head.replaceChildren(sort, printed);
    });
  }

  function ordered(rows: HTMLTableRowElement[], at: number, direction: string): HTMLTableRowElement[] {
    const keyed = rows.map((row) => {
      const cell = row.cells[at];
      return { row, text: cell?.textContent ?? '', number: Number(cell?.dataset['sort'] ?? -1) };
    });
    keyed.sort((a, b) => a.number - b.number || (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
    if (direction === 'descending') keyed.reverse();
    return keyed.map(({ row }) => row);
  }

  function filterable(frame: HTMLElement, table: HTMLTableElement): void {
    const rows = Array.from(table.tBodies[0]?.rows ?? []);
    if (rows.length < rowsWorthFiltering) return;
    const texts = rows.map((row) => (row.textContent ?? '').toLowerCase());
    const controls = document.createElement('p');
    controls.className = 'controls';
    const label = document.createElement('label');
    label.textContent = 'Filter ';
    const box = document.createElement('input');
    box.type = 'search';
    box.setAttribute('aria-label', `Filter ${table.caption?.textContent ?? ''}`);
    label.append(box);
    const shown = document.createElement('output');
    const only = credentialChoice(table, rows);
    const apply = () => {
      const words = box.value.toLowerCase().split(' ').filter(Boolean);
      let visible = 0;
      rows.forEach((row, at) => {
        const text = texts[at] ?? '';
        const fits = words.every((word) => text.includes(word)) && (only?.fits(row) ?? true);
        row.hidden = !fits;
        if (fits) visible += 1;
      });
      shown.textContent = visible === rows.length ? '' : `${visible} of ${rows.length} rows`;
    };
    box.addEventListener('input', apply);
    only?.label.addEventListener('change', apply);
    controls.append(label, ...(only === undefined ? [] : [only.label]), shown);
    frame.prepend(controls);
  }

  /** A choice of credential, where the table has such a column and more than one in it. */
  function credentialChoice(table: HTMLTableElement, rows: HTMLTableRowElement[]) {
    const heads = Array.from(table.tHead?.rows[0]?.cells ?? []);
    const column = heads.findIndex((head) => head.textContent === 'Credential');
    if (column < 1) return undefined;
    const nameOf = (row: HTMLTableRowElement) => row.cells[column]?.querySelector('code')?.textContent ?? '';
    const names = Array.from(new Set(rows.map(nameOf)));
    if (names.length < 2) return undefined;
    const select = document.createElement('select');
    select.append(new Option('all', ''), ...names.filter(Boolean).map((name) => new Option(name, name)));
    const label = document.createElement('label');
    label.append('Credential ', select);
    return { label, fits: (row: HTMLTableRowElement) => select.value === '' || nameOf(row) === select.value };
  }

  function unfold(open: boolean): void {
    for (const fold of document.querySelectorAll('details')) fold.open = open;
  }

  /** A fold, or a filtered row, must not hide what a link leads to. */
  function reveal(): void {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target === null) return;
    target.hidden = false;
    for (let fold = target.closest('details'); fold !== null; fold = fold.parentElement?.closest('details') ?? null) {
      fold.open = true;
    }
    target.scrollIntoView();
  }

  for (const frame of document.querySelectorAll<HTMLElement>('.table')) {
    const table = frame.querySelector('table');
    if (table === null) continue;
    filterable(frame, table);
    if (frame.dataset['ordered'] === undefined) sortable(table);
  }

  for (const block of document.querySelectorAll<HTMLElement>('.commands')) {
    const copy = button('Copy', () => {
      const text = block.querySelector('code')?.textContent ?? '';
      navigator.clipboard.writeText(text).then(
        () => (copy.textContent = 'Copied'),
        () => getSelection()?.selectAllChildren(block.querySelector('code') ?? block),
      );
    });
    block.querySelector('p')?.append(' ', copy);
  }

  const everything = document.createElement('input');
  everything.type = 'checkbox';
  const { documentElement: root } = document;
  everything.addEventListener('change', () => root.classList.toggle('print-all', everything.checked));

  const nav = document.querySelector('nav');
  if (nav !== null) {
    const item = document.createElement('li');
    const label = document.createElement('label');
    label.append(everything, ' Print all');
    item.append(
      button('Unfold all', () => unfold(true)),
      button('Fold all', () => unfold(false)),
      label,
    );
    nav.firstElementChild?.append(item);
    // Heads of tables stay below it, whatever its height.
    new ResizeObserver(() => root.style.setProperty('--nav', `${nav.offsetHeight - 1}px`)).observe(nav);
  }

  let folded: HTMLDetailsElement[] = [];
  addEventListener('beforeprint', () => {
    if (!everything.checked) return;
    folded = Array.from(document.querySelectorAll<HTMLDetailsElement>('details:not([open])'));
    for (const fold of folded) fold.open = true;
  });
  addEventListener('afterprint', () => {
    for (const fold of folded) fold.open = false;
    folded = [];
  });
  addEventListener('hashchange', reveal);
  reveal();
};
