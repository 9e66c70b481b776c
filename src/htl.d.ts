declare module "htl" {
  // biome-ignore lint/suspicious/noExplicitAny: a template may give any kind of node; callers say which.
  export function html(strings: TemplateStringsArray, ...values: unknown[]): any;
  // biome-ignore lint/suspicious/noExplicitAny: the same.
  export function svg(strings: TemplateStringsArray, ...values: unknown[]): any;
}
