// Asks the browser for a passkey and sends what it answers with the form. Everything else on the page works without this.
const form = document.querySelector("form[data-passkey-options]");
const fault = form.querySelector("[data-passkey-fault]");
const create = form.dataset.passkeyCreate === "true";

async function ask() {
  fault.hidden = true;
  try {
    const options = JSON.parse(form.dataset.passkeyOptions);
    const credential = create
      ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
      : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
    form.elements.credential.value = JSON.stringify(credential.toJSON());
    form.submit();
  } catch {
    fault.textContent = form.dataset.passkeyFailed;
    fault.hidden = false;
    fault.focus();
  }
}

form.addEventListener("submit", event => {
  event.preventDefault();
  ask();
});
