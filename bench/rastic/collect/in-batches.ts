/** Makes so many at a time, and then checks them one after another while the next are made; one at a time, nothing overlaps. */
export async function inBatches<Order, Made, Checked>(
  orders: readonly Order[],
  size: number,
  make: (order: Order, index: number) => Promise<Made | undefined>,
  check: (made: Made) => Promise<Checked>,
): Promise<Checked[]> {
  const checked: Checked[] = []
  const checkAll = async (some: readonly (Made | undefined)[]): Promise<void> => {
    for (const made of some) if (made !== undefined) checked.push(await check(made))
  }
  let checking = Promise.resolve()
  for (let from = 0; from < orders.length; from += size) {
    const making = Promise.all(orders.slice(from, from + size).map((order, i) => make(order, from + i)))
    const [made] = await Promise.all([making, checking])
    checking = checkAll(made)
    if (size === 1) await checking
  }
  await checking
  return checked
}
