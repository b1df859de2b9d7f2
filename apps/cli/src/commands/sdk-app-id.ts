import { type Job, textOption } from '../command.ts'
import { Failure } from '../failure.ts'

/** The application of `--app`, else that of the settings. @throws Failure usage */
export function sdkAppIdOf(job: Job): number {
  const given = textOption(job, 'app')
  if (given !== undefined && !/^\d{1,15}$/.test(given)) throw new Failure('usage', '--app must be a number')
  const id = given === undefined ? job.engine.settings.sdkAppId : Number(given)
  if (id === undefined) throw new Failure('usage', 'the application is missing: --app or PARLEY_SDK_APP_ID')
  return id
}

/** `sdkAppId=...`, where the application was said; a key of one application needs none. */
export function sdkAppIdQuery(job: Job): Readonly<Record<string, string>> {
  const isSaid = textOption(job, 'app') !== undefined || job.engine.settings.sdkAppId !== undefined
  return isSaid ? { sdkAppId: String(sdkAppIdOf(job)) } : {}
}
