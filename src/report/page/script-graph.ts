/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/** The page's script for its graphs: tracing where a credential comes from and leads to, arrow keys, and size. */

/** Runs in the page, as text: it can use nothing from outside its own body. */
export const explore = (): void => {
  const smallestReadable = 0.7;
  const step = 1.25;

  function explorable(figure: HTMLElement): void {
    const frame = figure.querySelector<HTMLElement>('.frame');
    const drawing = frame?.querySelector('svg');
    if (!frame || !drawing) return;
    const boxes = Array.from(drawing.querySelectorAll<SVGGElement>('g[data-at]'));
    const links = boxes.flatMap((box) => box.querySelector('a') ?? []);
    const issuers = boxes.map((box) => (box.dataset['from'] === '' ? -1 : Number(box.dataset['from'])));
    const { width, height } = drawing.viewBox.baseVal;
    const told = document.createElement('output');
    let scale = 1;

    function issuedBy(at: number): number[] {
      return issuers.flatMap((issuer, other) => (issuer === at ? [other] : []));
    }

    /** Its way back to the seed, and all that came of it. */
    function trace(at: number): void {
      const on = new Set<number>();
      for (let back = at; back >= 0; back = issuers[back] ?? -1) on.add(back);
      // An issuer always stands before what it issued.
      const after = new Set([at]);
      issuers.forEach((issuer, other) => after.has(issuer) && after.add(other));
      boxes.forEach((box, other) => box.classList.toggle('on', on.has(other) || after.has(other)));
      drawing?.classList.add('traced');
      told.textContent = links[at]?.querySelector('title')?.textContent ?? '';
    }

    function rest(): void {
      const focused = links.findIndex((link) => link === document.activeElement);
      if (focused >= 0) trace(focused);
      else drawing?.classList.remove('traced');
    }

    function go(at: number | undefined): void {
      const link = at === undefined ? undefined : links[at];
      if (link === undefined) return;
      for (const other of links) other.setAttribute('tabindex', '-1');
      link.setAttribute('tabindex', '0');
      link.focus();
    }

    function next(at: number, key: string): number | undefined {
      const siblings = issuedBy(issuers[at] ?? -1);
      const place = siblings.indexOf(at);
      switch (key) {
        case 'ArrowLeft':
          return issuers[at];
        case 'ArrowRight':
          return issuedBy(at)[0];
        case 'ArrowUp':
          return siblings[place - 1];
        case 'ArrowDown':
          return siblings[place + 1];
        case 'Home':
          return 0;
        case 'End':
          return links.length - 1;
        default:
          return undefined;
      }
    }

    function resize(to: number): void {
      scale = Math.min(Math.max(to, 0.1), 4);
      drawing?.setAttribute('width', String(width * scale));
      drawing?.setAttribute('height', String(height * scale));
    }

    function fitting(): number {
      return Math.min(1, ((frame?.clientWidth ?? width) - 16) / width);
    }

    links.forEach((link, at) => {
      link.setAttribute('tabindex', at === 0 ? '0' : '-1');
      link.addEventListener('focus', () => trace(at));
      link.addEventListener('blur', rest);
      link.addEventListener('mouseenter', () => trace(at));
      link.addEventListener('mouseleave', rest);
      link.addEventListener('keydown', (event) => {
        const to = next(at, event.key);
        if (to === undefined) return;
        event.preventDefault();
        go(to);
      });
    });

    const controls = document.createElement('span');
    for (const [label, name, act] of [
      ['−', 'Smaller', () => resize(scale / step)],
      ['+', 'Larger', () => resize(scale * step)],
      ['Fit', 'Fit to the width', () => resize(fitting())],
      ['1:1', 'Full size', () => resize(1)],
    ] as const) {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = label;
      button.title = name;
      button.setAttribute('aria-label', name);
      button.addEventListener('click', act);
      controls.append(button, ' ');
    }
    figure.querySelector('figcaption')?.append(controls);
    told.textContent =
      'Point at a box, or reach it with Tab and the arrow keys, to see its way; Enter leads to its row.';
    figure.append(told);
    resize(Math.max(fitting(), smallestReadable));
  }

  for (const figure of document.querySelectorAll<HTMLElement>('.graph')) explorable(figure);
};
