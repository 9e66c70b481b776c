/** Variables of the environment. The command alone asks the process for them; everything else is given them. */
export type Environment = Readonly<Record<string, string | undefined>>;
