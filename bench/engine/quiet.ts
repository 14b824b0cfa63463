export const quiet = { debug: (): void => {}, warn: (): void => {} }
