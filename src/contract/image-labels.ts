// The labels in which an image says what only its language knows (docs/contract.md, section 9). Values are names with
// spaces between them; one that ends in `*` stands for all that begin so.

/** Variables that count only when a process starts: a server that waits for its function has started without them. */
export const START_VARIABLES_LABEL = 'open-runtimes.start-variables';

/** Variables that name a file of certificates which the image's tools trust beside their own. */
export const CERTIFICATE_VARIABLES_LABEL = 'open-runtimes.certificate-variables';
