import type {Offer} from "./catalogue.js";
import {type Client, cycles} from "./clients.js";
import type {Line} from "./lines.js";
import {cents} from "./money.js";
import {type Plant, plants} from "./plants.js";
import {episodes, stepAt} from "./story.js";

/** An offer to a client, used and billed as much as is ordinary there, but for what is planted and what happens. */
export interface Sale extends Line {
  readonly offer: Offer;
  /** Cents for one period of the agreement. */
  readonly listPrice: number;
  usedAt(month: number): number;
  plantAt(month: number): Plant | undefined;
}

export function saleOf(client: Client, offer: Offer): Sale {
  const {serviceId, serviceName} = offer;
  const isOwn = (one: {client: number; service: string}): boolean =>
    one.client === client.number && one.service === serviceId;
  const plant = plants.find(isOwn);
  const episode = episodes.find(isOwn);
  const ordinary = client.numbers[serviceId] ?? client.users;
  const listPrice = cents(offer.listPrice) * cycles[client.cycle].months;
  const agreedPrice = plant?.price === undefined ? listPrice : plant.price;
  const plantAt = (month: number): Plant | undefined => (month >= (plant?.since ?? 0) ? plant : undefined);
  const differenceAt = (month: number, what: "used" | "billed"): number =>
    (plantAt(month)?.[what] ?? 0) + (stepAt(episode, month)?.[what] ?? 0);
  return {
    offer,
    lineId: `AL${client.number}-${serviceId}`,
    serviceId,
    description: serviceName,
    listPrice,
    usedAt: (month) => ordinary + differenceAt(month, "used"),
    quantityAt: (month) => (plant?.unbilled ? 0 : ordinary + differenceAt(month, "billed")),
    priceAt: (month) =>
      episode?.price !== undefined && month >= episode.price.from ? episode.price.cents : agreedPrice,
    plantAt,
  };
}
