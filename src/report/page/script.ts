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
      const text = row.cells[at]?.textContent ?? '';
      const number = Number(text.replaceAll(',', ''));
      return { row, text, number: text.trim() === '' ? Number.NaN : number };
    });
    const numbers = keyed.every(({ text, number }) => !Number.isNaN(number) || text === '–');
    keyed.sort((a, b) =>
      numbers ? (a.number || 0) - (b.number || 0) : a.text < b.text ? -1 : a.text > b.text ? 1 : 0,
    );
    if (direction === 'descending') keyed.reverse();
    return keyed.map(({ row }) => row);
  }

  function filterable(frame: HTMLElement, table: HTMLTableElement): void {
    const rows = Array.from(table.tBodies[0]?.rows ?? []);
    const texts = rows.map((row) => (row.textContent ?? '').toLowerCase());
    const controls = document.createElement('p');
    controls.className = 'controls';
    const label = document.createElement('label');
    label.textContent = 'Filter ';
    const box = document.createElement('input');
    box.type = 'search';
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
    if (Number(frame.dataset['rows']) >= rowsWorthFiltering) filterable(frame, table);
    if (Number(frame.dataset['rows']) > 1) sortable(table);
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

  const nav = document.querySelector('nav ul');
  if (nav !== null) {
    const item = document.createElement('li');
    item.append(
      button('Unfold all', () => unfold(true)),
      ' ',
      button('Fold all', () => unfold(false)),
    );
    nav.append(item);
  }

  let folded: HTMLDetailsElement[] = [];
  addEventListener('beforeprint', () => {
    folded = Array.from(document.querySelectorAll<HTMLDetailsElement>('details:not([open])'));
    for (const fold of folded) fold.open = true;
  });
  addEventListener('afterprint', () => {
    for (const fold of folded) fold.open = false;
  });
  addEventListener('hashchange', reveal);
  reveal();
};
