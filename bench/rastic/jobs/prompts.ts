const ANIMALS = ['fox', 'camel', 'llama', 'owl', 'mouse', 'bear', 'frog', 'rabbit', 'cat', 'dog', 'horse', 'duck']
const NAMES = ['Lily', 'Rosa', 'Tom', 'Anna', 'Paco', 'Toby', 'Mia', 'Ben', 'Sara', 'Max', 'Nina']

/** Many more stories than answers, as answers are short; with few words that repeat, so that greedy outputs differ too. */
const OPENINGS: readonly ((animal: string, name: string, number: number) => string)[] = [
  (animal, name) => `Tell me a story about a ${animal} named ${name}.\n`,
  (animal, name) => `One day, a little ${animal} named ${name}`,
  (animal, name) => `There once was a shy ${animal} named ${name}`,
  (animal, name) => `Tell me a story about a ${animal} and a girl named ${name}, who lost a red ball.\n`,
  (animal, name) => `One evening, a clever ${animal} and ${name}`,
  (animal, name) => `Write a short story about a ${animal}, ${name} and a race.\n`,
  (animal, name) => `${name} was a brave girl with a ${animal}`,
  (animal, name) => `My name is ${name} and I have a ${animal}`,
  (animal, name) => `In the morning the ${animal} saw ${name}`,
  (_, __, number) => `Q: What is ${number % 11} + ${number % 9}?\nA:`,
]

/** Prompts with one animal and name. */
export const PROMPTS_A_ROUND = OPENINGS.length

/** The prompt of a job, by its number: no two alike among the first 1,000 stories. */
export function promptOf(number: number): string {
  const round = Math.floor(number / PROMPTS_A_ROUND)
  const animal = ANIMALS[round % ANIMALS.length] ?? ''
  const name = NAMES[round % NAMES.length] ?? ''
  return OPENINGS[number % OPENINGS.length]?.(animal, name, number) ?? ''
}
