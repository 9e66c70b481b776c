import {huntress} from "./huntress.js";
import {type Vendor, variable} from "./vendor.js";

/** The declarative connector, tried on a vendor that has a connector of its own: both must come to the same rows. */
const paging = {type: "cursor", parameter: "page_token", path: "pagination.next_page_token"};
const query = {limit: 500};

export const httpJson: Vendor = {
  ...huntress,
  name: "http-json",
  settings: (url) => ({
    base_url: `${url}/v1`,
    auth: {type: "basic", user: variable("HUNTRESS_KEY"), password: variable("HUNTRESS_SECRET")},
    test: "/account",
    fixed: {
      products: [
        {product_id: "edr", product_name: "Huntress Managed EDR", unit: "device"},
        {product_id: "itdr", product_name: "Huntress Managed ITDR", unit: "user"},
      ],
    },
    streams: [
      {
        table: "accounts",
        path: "/organizations",
        query,
        rows: "organizations",
        paging,
        columns: {account_id: "id", account_name: "name"},
      },
      {
        table: "seats",
        path: "/agents",
        query,
        rows: "agents",
        paging,
        columns: {
          seat_id: "id",
          account_id: "organization_id",
          product_id: {constant: "edr"},
          kind: {
            path: "os",
            map: {"Windows 11 Pro": "workstation", "Windows Server 2022 Standard": "server"},
            default: "device",
          },
          display_name: "hostname",
          identifier: "hostname",
          status: {constant: "active"},
          created_at: "created_at",
          last_activity_at: "last_callback_at",
        },
      },
      {
        table: "seats",
        path: "/identities",
        query,
        rows: "identities",
        paging,
        columns: {
          seat_id: "id",
          account_id: "organization.id",
          product_id: {constant: "itdr"},
          kind: {constant: "user"},
          display_name: "username",
          identifier: {path: "email", lower: true},
          status: {path: "billable", map: {true: "active", false: "disabled"}},
          created_at: "created_at",
        },
      },
    ],
  }),
};
