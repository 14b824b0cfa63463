/** What others wrote must not steer the terminal: control and format characters go, except line feeds and tabs. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, (character) => (character === '\n' || character === '\t' ? character : '�'))
}

/** One line of JSON that no terminal takes for a command: JSON itself leaves DEL, C1 and format characters as they are. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value).replace(/[\p{Cc}\p{Cf}]/gu, (character) =>
    [...Array(character.length).keys()]
      .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
      .join(''),
  )
}
