/** A check answers with what is wrong, a sentence each that says where and what to do. None: it agrees. */
export type Problems = readonly string[];

/** `sentence` when it does not hold. */
export const unless = (holds: boolean, sentence: string): Problems => (holds ? [] : [sentence]);

/** What one side has and the other lacks, both ways. */
export function difference(
  left: Iterable<string>,
  right: Iterable<string>,
  onlyLeft: (name: string) => string,
  onlyRight: (name: string) => string,
): Problems {
  const [a, b] = [new Set(left), new Set(right)];
  return [
    ...[...a].filter((name) => !b.has(name)).map(onlyLeft),
    ...[...b].filter((name) => !a.has(name)).map(onlyRight),
  ];
}

/** Every expected name with its value; what else there is must be allowed. */
export function valuesDiffer(
  where: string,
  given: Readonly<Record<string, string>>,
  expected: Readonly<Record<string, string>>,
  mayAlsoHave: (name: string) => boolean,
): Problems {
  const wrong = Object.entries(expected).filter(([name, value]) => given[name] !== value);
  const unknown = Object.keys(given).filter((name) => !(name in expected) && !mayAlsoHave(name));
  return [
    ...wrong.map(([name, value]) => `${where}: set ${name} to ${value}${name in given ? `, not ${given[name]}` : ''}`),
    ...unknown.map((name) => `${where}: take out ${name}, which nothing else sets or reads`),
  ];
}
