/** @returns {string} of an error, which may be of another realm, all that is known; of anything else its text */
export const words = (error) => String(error?.stack ?? error);
