/** Takes lines for the person at the terminal. */
export interface Report {
  print: (line: string) => void;
  /** A line of the long form, `--verbose`. */
  detail: (line: string) => void;
}
