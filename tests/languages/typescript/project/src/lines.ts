/** One line of a bill; prices are in cents. */
export interface Line {
  readonly price: number;
  readonly count: number;
  readonly free?: boolean;
}
