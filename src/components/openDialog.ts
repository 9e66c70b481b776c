/** Shows a dialog above the page, with everything else out of reach, and takes it off the page once it is closed. */
export function openDialog(dialog: HTMLDialogElement, place: HTMLElement, onClose: () => void): void {
  place.append(dialog);
  dialog.addEventListener("close", () => {
    dialog.remove();
    onClose();
  });
  dialog.showModal?.();
}
