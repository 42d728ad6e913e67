package client;

import io.kontor.client.ApiClient;
import io.kontor.client.ApiException;
import io.kontor.client.api.AccountsApi;
import io.kontor.client.api.LedgerApi;
import io.kontor.client.api.TransfersApi;
import io.kontor.client.api.TryingOutApi;
import io.kontor.client.model.Deposit;
import io.kontor.client.model.Money;
import io.kontor.client.model.OpenAccount;
import io.kontor.client.model.TokenRequest;
import io.kontor.client.model.TransferRequest;
import io.kontor.client.model.Withdrawal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** The README's first transfer, with a client that is generated from the API description. */
public final class ReadmeStory {
  private final String bank;
  private final String tenant;

  private ReadmeStory(String bank, String tenant) {
    this.bank = bank;
    this.tenant = tenant;
  }

  /** What the client read at the end, by name. */
  public static Map<String, String> tell(String bank, String tenant) throws ApiException {
    return new ReadmeStory(bank, tenant).tell();
  }

  private Map<String, String> tell() throws ApiException {
    ApiClient teller = client("alice", "teller");
    var accounts = new AccountsApi(teller);
    var transfers = new TransfersApi(teller);

    UUID ada = accounts.openAccount(account("cust-1", "Ada Lovelace"), null).getId();
    UUID charles = accounts.openAccount(account("cust-2", "Charles Babbage"), null).getId();
    var salary = new Deposit().amount(euros("100.00")).reference("January salary");
    accounts.deposit(ada, "salary-january", salary, null);

    var rent = new TransferRequest().from(ada).to(charles).amount(euros("12.50")).reference("rent");
    var sent = transfers.transferWithHttpInfo("rent-january", rent, null);
    var again = transfers.transferWithHttpInfo("rent-january", rent, null);
    String position = sent.getHeaders().get("kontor-position").get(0);

    Map<String, String> seen = new TreeMap<>();
    seen.put("location", sent.getHeaders().get("location").get(0));
    seen.put("transfer", sent.getData().getId().toString());
    seen.put("transfer, sent again", again.getData().getId().toString());
    seen.put("replayed", again.getHeaders().get("idempotent-replayed").get(0));
    seen.put("Charles", accounts.getAccount(charles, position).getBalance().getAmount());
    seen.put("Ada", accounts.getBalance(ada, null, position).getBalance().getAmount());
    seen.put("currency", accounts.getAccount(charles, null).getCurrency());
    seen.put(
        "postings",
        Integer.toString(
            accounts.listPostings(ada, null, null, null, 10, position).getItems().size()));
    var trial = new LedgerApi(client("bob", "auditor")).getTrialBalance(null, position);
    seen.put("difference", trial.get(0).getDifference());
    try {
      var tooMuch = new Withdrawal().amount(euros("1000.00")).reference("cash");
      accounts.withdraw(ada, "cash-january", tooMuch, null);
    } catch (ApiException rejected) {
      seen.put("too much", Integer.toString(rejected.getCode()));
    }
    return seen;
  }

  private ApiClient client(String subject, String role) throws ApiException {
    var request = new TokenRequest().tenant(tenant).subject(subject).roles(List.of(role));
    String token = new TryingOutApi(client()).getToken(request).getAccessToken();
    return client()
        .setRequestInterceptor(sent -> sent.header("Authorization", "Bearer " + token));
  }

  private ApiClient client() {
    var client = new ApiClient();
    client.updateBaseUri(bank);
    return client;
  }

  private static OpenAccount account(String customer, String owner) {
    return new OpenAccount().customer(customer).owner(owner).currency("EUR");
  }

  private static Money euros(String amount) {
    return new Money().amount(amount).currency("EUR");
  }
}
