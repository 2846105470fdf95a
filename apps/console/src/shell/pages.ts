/** The pages of the rail, in its order. The palette finds each by its title, and `g` followed by its key goes to it. */
export const PAGES = [
  { title: 'Live', to: '/', key: 'l', leadsTo: 'what happens now' },
  { title: 'Orders', to: '/orders', key: 'o', leadsTo: 'the orders' },
  { title: 'Sagas', to: '/sagas', key: 's', leadsTo: 'the sagas' },
  { title: 'Messages', to: '/messages', key: 'm', leadsTo: 'the messages' },
  { title: 'Topics & groups', to: '/topics', key: 't', leadsTo: 'topics and groups' },
  { title: 'Parked', to: '/parked', key: 'p', leadsTo: 'the parked messages' },
  { title: 'Contention', to: '/contention', key: 'c', leadsTo: 'what writes lose to each other' },
  { title: 'Products', to: '/products', key: 'd', leadsTo: 'the products' },
  { title: 'Operations', to: '/operations', key: 'r', leadsTo: 'what operators did' },
  { title: 'Playground', to: '/playground', key: 'y', leadsTo: 'the playground' },
  { title: 'Lab', to: '/lab', key: 'h', leadsTo: 'the lab, where there is one' },
] as const;
export type Page = (typeof PAGES)[number];

/** Beside them in the rail, and no page of the console. */
export const API = { title: 'API', href: '/docs', key: 'a', leadsTo: 'the document of the API' } as const;

/** Those that this gateway serves. */
export const pagesOf = ({ hasLab }: { readonly hasLab: boolean }): readonly Page[] =>
  hasLab ? PAGES : PAGES.filter(({ to }) => to !== '/lab');

/** Those whose title has what was typed; an empty text has none of its own. */
export const titled = <Titled extends { readonly title: string }>(
  pages: readonly Titled[],
  typed: string,
): readonly Titled[] => {
  const word = plain(typed);
  return pages.filter(({ title }) => plain(title).includes(word));
};

/** `&` is typed as `and` too. */
const plain = (text: string): string => text.toUpperCase().replaceAll('&', 'AND');
