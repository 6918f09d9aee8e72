/** A test that runs one attack of a row. */
export function attack(_file: string, _row: string, title: string, run: () => void): void {
  it(title, run);
}
