export { CodedError, type ErrorData, isCoded } from './coded-error.ts'
