/** Texts that are kept. A service sends a few dozen combinations of parts; beyond the bound all texts are dropped and made anew. */
const TEXTS_MAX = 1_000;

interface TrieNode {
  text: string | undefined;
  readonly next: Map<unknown, TrieNode>;
}

/**
 * The texts of statements that are composed of parts. Each combination is made once, so its text is always the same string object.
 * Prepared statements are looked up by their text: the lookup then hashes no kilobyte each time.
 */
export class StatementTexts {
  private root: TrieNode = emptyNode();
  private made = 0;

  /** @param parts what the text is made of, compared by identity; the same parts must always make the same text */
  of(parts: readonly unknown[], make: () => string): string {
    let at = this.root;
    for (const part of parts) {
      let next = at.next.get(part);
      if (!next) at.next.set(part, (next = emptyNode()));
      at = next;
    }
    if (at.text !== undefined) return at.text;
    if (++this.made > TEXTS_MAX) [this.root, this.made] = [emptyNode(), 0];
    return (at.text = make());
  }
}

const emptyNode = (): TrieNode => ({ text: undefined, next: new Map() });
