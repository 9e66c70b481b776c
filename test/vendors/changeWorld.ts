import type {Client, Device, Person, World} from "./world.js";

/**
 * The same provider so many hours later: somebody and something came, changed, moved and went, in every client. What a
 * vendor would write down as a change has its time. Without `isPurged` no device vanishes without a trace.
 */
export function changeWorld(world: World, hours = 24, {isPurged = true} = {}): World {
  const now = new Date(world.now.getTime() + hours * 3_600_000);
  const updatedAt = new Date(now.getTime() - 3_600_000);
  const [, second, third] = world.clients;
  const isFirst = <Item extends {client: number}>(items: readonly Item[], {client}: Item, index: number) =>
    items.findIndex((other) => other.client === client) === index;

  const devices = world.devices.flatMap((device, index): Device[] => {
    const place = index % 12;
    if (isFirst(world.devices, device, index)) return [{...device, hostname: `renamed-${device.id}`, updatedAt}];
    if (place === 2 && isPurged) return [];
    if (place === 3) return [{...device, isRemoved: true, updatedAt}];
    if (place === 4 && device.client === second?.id)
      return [{...device, client: third?.id ?? 0, isProtected: true, updatedAt}];
    // Active since, which not every vendor takes for a change.
    if (place === 5) return [{...device, lastSeenAt: new Date(now.getTime() - 60_000)}];
    return [device];
  });
  const people = world.people.flatMap((person, index): Person[] => {
    const place = index % 12;
    if (place === 2) return [];
    // Whether a mailbox is shared is asked of blocked people only.
    if (person.isSharedMailbox) return [person];
    if (place === 3) return [{...person, isEnabled: !person.isEnabled}];
    if (place === 4) return [{...person, licences: person.licences.includes("SPB") ? ["SPE_E3"] : ["SPB"]}];
    if (place === 5) return [{...person, licences: []}];
    if (place === 6)
      return [{...person, name: `${person.name} (married)`, lastActiveAt: new Date(now.getTime() - 60_000)}];
    return [person];
  });
  for (const client of world.clients.slice(0, 3)) {
    const [device] = world.devices.filter((one) => one.client === client.id);
    const [person] = world.people.filter((one) => one.client === client.id);
    const id = 1 + Math.max(...devices.map((one) => one.id), ...people.map((one) => one.id));
    if (device !== undefined) {
      devices.push({
        ...device,
        id,
        hostname: `new-${id}`,
        isRemoved: false,
        isProtected: true,
        createdAt: updatedAt,
        updatedAt,
      });
    }
    if (person !== undefined) {
      people.push({
        ...person,
        id,
        name: `New ${id}`,
        email: `new${id}@${client.domain}`,
        licences: ["SPB"],
        isSharedMailbox: false,
        createdAt: updatedAt,
      });
    }
  }
  const clients = world.clients.map(
    (client, index): Client => (index === 2 ? {...client, name: `${client.name} & Partners`, updatedAt} : client),
  );
  return {...world, now, clients, devices, people};
}

/** A change that no vendor writes down. */
export function changeSilently(world: World): World {
  const [device] = world.devices.filter(({isProtected}) => isProtected);
  const [person] = world.people.filter(({licences, client}) => licences.length > 0 && client === 102);
  const now = new Date(world.now.getTime() + 3_600_000);
  return {
    ...world,
    now,
    clients: world.clients.map((client, index) => (index === 1 ? {...client, name: "Unseen Ltd"} : client)),
    devices: world.devices.map((one) => (one === device ? {...one, hostname: "unseen"} : one)),
    people: world.people.map((one) => (one === person ? {...one, name: "Unseen"} : one)),
  };
}
