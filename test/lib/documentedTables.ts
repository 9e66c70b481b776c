/** Two tables as the SQL page has them described. */
export const documentedTables = [
  {
    name: "clients",
    kind: "mart",
    description: "One row per client.",
    columns: [
      {name: "client_id", type: "VARCHAR", description: "The PSA's id."},
      {name: "client_name", type: "VARCHAR", description: "The client's name."},
    ],
  },
  {
    name: "seats",
    kind: "mart",
    description: "Every seat.",
    columns: [{name: "seat_id", type: "VARCHAR", description: "The vendor's id."}],
  },
];
