// Elements without markup: what a page said is only ever text.

type Child = Node | string | null | undefined | false;
type Props = Record<string, string | number | boolean | null | undefined | ((event: never) => void)>;

function fill<E extends Element>(element: E, props: Props, children: Child[]): E {
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === 'function') {
      element.addEventListener(name.replace(/^on/, ''), value as EventListener);
    } else {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
  for (const child of children) if (child) element.append(child);
  return element;
}

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  return fill(document.createElement(tag), props, children);
}

export function svg(tag: string, props: Props = {}, ...children: Child[]): SVGElement {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), props, children);
}

// A link for what may be followed from here; nothing for other schemes, javascript: among them.
export function safeHref(url: string): string | undefined {
  try {
    const { protocol, href } = new URL(url);
    return ['http:', 'https:', 'tel:', 'mailto:'].includes(protocol) ? href : undefined;
  } catch {
    return undefined;
  }
}

export function link(url: string, text = url, props: Props = {}): HTMLElement {
  const href = safeHref(url);
  if (!href) return h('span', props, text);
  return h('a', { href, target: '_blank', rel: 'noopener noreferrer', ...props }, text);
}
