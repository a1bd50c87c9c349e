export type FieldError = { field: string, code: string, };
