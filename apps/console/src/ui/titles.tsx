interface Props {
  readonly of: readonly string[];
  readonly className?: string | undefined;
}

/** Cells of a table's head, each the title of its column. */
export const Titles = ({ of, className }: Props) =>
  of.map((title) => (
    <th key={title} scope="col" className={className}>
      {title}
    </th>
  ));
