/** Names of common SKUs by `skuId`, which never changes, unlike what Microsoft calls them. */
export const skuNames: Readonly<Record<string, string>> = {
  "3b555118-da6a-4418-894f-7df1e2096870": "Microsoft 365 Business Basic",
  "f245ecc8-75af-4f8e-b61f-27d8114de5f3": "Microsoft 365 Business Standard",
  "cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46": "Microsoft 365 Business Premium",
  "cdd28e44-67e3-425e-be4c-737fab2899d3": "Microsoft 365 Apps for business",
  "c2273bd0-dff7-4215-9ef5-2c7bcfb06425": "Microsoft 365 Apps for enterprise",
  "44575883-256e-4a79-9da4-ebe9acabe2b2": "Microsoft 365 F1",
  "66b55226-6b4f-492c-910c-a3b7a3c9d993": "Microsoft 365 F3",
  "05e9a617-0261-4cee-bb44-138d3ef5d965": "Microsoft 365 E3",
  "06ebc4ee-1bb5-47dd-8120-11324bc54e06": "Microsoft 365 E5",
  "639dec6b-bb19-468b-871c-c5c441c4b0cb": "Microsoft 365 Copilot",
  "18181a46-0d4e-45cd-891e-60aabd171b4e": "Office 365 E1",
  "6fd2c87f-b296-42f0-b197-1e91e994b900": "Office 365 E3",
  "c7df2760-2c81-4ef7-b578-5b5392b571df": "Office 365 E5",
  "4b585984-651b-448a-9e53-3b10f069cf7f": "Office 365 F3",
  "80b2d799-d2ba-4d2a-8842-fb0d0f3a4b82": "Exchange Online Kiosk",
  "4b9405b0-7788-4568-add1-99614e613b69": "Exchange Online (Plan 1)",
  "19ec0d23-8335-4cbd-94ac-6050e30712fa": "Exchange Online (Plan 2)",
  "1fc08a02-8b3d-43b9-831e-f76859e04e1a": "SharePoint Online (Plan 1)",
  "078d2b04-f1bd-4111-bbd4-b4b1b354cef4": "Microsoft Entra ID P1",
  "84a661c4-e949-4bd2-a560-ed7766fcaf2b": "Microsoft Entra ID P2",
  "efccb6f7-5641-4e0e-bd10-b4976e1bf68e": "Enterprise Mobility + Security E3",
  "b05e124f-c7cc-45a0-a6aa-8cf78c946968": "Enterprise Mobility + Security E5",
  "061f9ace-7d42-4136-88ac-31dc755f143f": "Microsoft Intune Plan 1",
  "4ef96642-f096-40de-a3e9-d83fb2f90211": "Microsoft Defender for Office 365 (Plan 1)",
  "3dd6cf57-d688-4eed-ba52-9e40b5468c3e": "Microsoft Defender for Office 365 (Plan 2)",
  "e43b5b99-8dfb-405f-9987-dc307f34bcbd": "Microsoft Teams Phone Standard",
  "0c266dff-15dd-4b49-8397-2bb16070ed52": "Microsoft 365 Audio Conferencing",
  "f8a1db68-be16-40ed-86d5-cb42ce701560": "Power BI Pro",
  "4b244418-9658-4451-a2b8-b5e2b364e9bd": "Visio Plan 1",
  "c5928f49-12ba-48f7-ada3-0d743a3601d5": "Visio Plan 2",
  "beb6439c-caad-48d3-bf46-0c82871e12be": "Project Plan 1",
  "53818b1b-4a27-454b-8896-0dba576410e6": "Project Plan 3",
  "09015f9f-377f-4538-bbb5-f75ceb09358a": "Project Plan 5",
  "a403ebcc-fae0-4ca2-8c8c-7a907fd6c235": "Power BI (free)",
  "f30db892-07e9-47e9-837c-80727f46fd3d": "Power Automate Free",
};

/** Free ones whose part number does not say so. */
const free = new Set([
  "POWER_BI_STANDARD",
  "WINDOWS_STORE",
  "RIGHTSMANAGEMENT_ADHOC",
  "STREAM",
  "PHONESYSTEM_VIRTUALUSER",
  "POWERAPPS_DEV",
  "POWERAPPS_INDIVIDUAL_USER",
  "FORMS_PRO",
  "MICROSOFT_BUSINESS_CENTER",
  "SMB_APPS",
  "MCOPSTNC",
  "STANDARDWOFFPACK_FACULTY",
  "STANDARDWOFFPACK_STUDENT",
  "DYN365_AI_SERVICE_INSIGHTS",
  "Microsoft_Teams_Audio_Conferencing_select_dial_out",
  "Microsoft_Teams_Rooms_Basic",
  "Microsoft_Teams_Rooms_Basic_without_Audio_Conferencing",
]);

/** What a SKU is called for schools, governments and departments besides. */
const buyers = /_(FACULTY|STUDENT|GOV|DEPT)$/;

/** Whether nobody pays for a SKU: it is a trial, free for ever, or one that information workers (`IW`) sign up for. */
export function isFree(partNumber: string): boolean {
  const isListed = free.has(partNumber) || free.has(partNumber.replace(buyers, ""));
  return isListed || /(^|_)(FREE|V?TRIAL|VIRAL|EXPLORATORY|IW)(_|$)/i.test(partNumber);
}
