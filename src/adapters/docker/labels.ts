// The labels by which the engine keeps what the adapter must know: whose a container or a network is.

export const OWNER_LABEL = 'open-runtimes.owner';

/** The filter of list and event requests that leaves only what belongs to the owner. */
export function ownedBy(owner: string): { label: string[] } {
  return { label: [`${OWNER_LABEL}=${owner}`] };
}
