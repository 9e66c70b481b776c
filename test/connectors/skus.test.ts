import {expect, it} from "vitest";
import {isFree} from "../../loaders/connectors/microsoft-365/skus.js";

/** Trials and free SKUs come with thousands of enabled units, and nobody pays for one. */

it.each([
  "FLOW_FREE",
  "TEAMS_COMMERCIAL_TRIAL",
  "Microsoft_Teams_Exploratory_Dept",
  "Dynamics_365_Sales_Premium_Viral_Trial",
  "Power_Pages_vTrial_for_Makers",
  "DYN365_ENTERPRISE_P1_IW",
  "FORMS_PRO",
  "MS_TEAMS_IW",
  "SMB_APPS",
  "DYN365_AI_SERVICE_INSIGHTS",
  "Microsoft_Teams_Rooms_Basic_without_Audio_Conferencing",
  "PROJECT_MADEIRA_PREVIEW_IW_SKU",
  "SPZA_IW",
  "D365_SALES_PRO_IW",
  "POWERAPPS_PER_APP_IW",
  "POWERAPPS_INDIVIDUAL_USER",
  "MCOPSTNC",
  "POWER_BI_STANDARD_FACULTY",
  "PHONESYSTEM_VIRTUALUSER_GOV",
  "STANDARDWOFFPACK_STUDENT",
  "STANDARDWOFFPACK_FACULTY",
  "STANDARDWOFFPACK_IW_STUDENT",
])("%s is free", (partNumber) => {
  expect(isFree(partNumber)).toBe(true);
});

it.each([
  "SPB",
  "O365_BUSINESS_ESSENTIALS",
  "POWERAPPS_PER_USER",
  "FREELANCER_PLAN",
  "MCOEV",
  "MCOPSTN1",
  "POWERAPPS_PER_APP",
  "PROJECT_MADEIRA_PREVIEW",
  "D365_SALES_PRO",
  "STANDARDWOFFPACK",
  "POWER_BI_PRO_FACULTY",
  "STREAM_P2",
  "Microsoft_Teams_Rooms_Pro",
])("%s is paid", (partNumber) => {
  expect(isFree(partNumber)).toBe(false);
});
