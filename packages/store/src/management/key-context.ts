/** What the secret of a key is sealed for: a row copied to another key or application does not open. */
export const keyContext = (applicationId: number, secretId: string): string => `api-key ${applicationId} ${secretId}`
