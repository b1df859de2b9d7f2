import type { PushOutbox } from '@parley/core'
import type { ApiOptions } from '../src/api-options.ts'
import { apiHouse } from './api-house.ts'
import { FakeEventLog } from './fake-event-log.ts'

const noPushes: PushOutbox = { dead: async () => [], replay: async () => undefined }

/** An API over fakes with every route of `/v1`. */
export const managementHouse = (options: Partial<ApiOptions> = {}) =>
  apiHouse({ eventLog: new FakeEventLog(), pushes: noPushes, ...options })
