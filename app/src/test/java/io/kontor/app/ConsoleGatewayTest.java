package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.app.ConsoleBrowser.PageAnswer;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The console's pages as a browser gets them through the gateway. */
@Tag("system")
class ConsoleGatewayTest {
  private static final BankFixture BANK = GatewayFixture.bank();

  @Test
  void aPersonSignsInSendsAFormAndSignsOut() {
    var browser = ConsoleBrowser.signedOut(BANK);
    assertThat(browser.get("/").expect(302).location()).isEqualTo("/console");
    assertThat(browser.get("/console").expect(302).location()).startsWith("/console/sign-in");
    PageAnswer page = browser.get("/console/sign-in?to=/console/accounts").expect(200);
    PageAnswer signedIn = browser.submit(page, "/console/sign-in", Map.of("choice", "0"));
    assertThat(signedIn.expect(302).location()).isEqualTo("/console/accounts");
    PageAnswer accounts = browser.get("/console/accounts").expect(200);
    assertThat(accounts.html()).contains("tim · acme · teller");
    browser.submit(accounts, "/console/sign-out", Map.of()).expect(302);
    browser.get("/console/accounts").expect(302);
  }

  @Test
  void aFormWithoutTheTokenOfItsPageIsRefused() {
    var browser = ConsoleBrowser.signedOut(BANK);
    browser.get("/console/sign-in").expect(200);
    browser.post("/console/sign-in", Map.of("choice", "0")).expect(403);
  }

  @Test
  void pagesKeepTheirLanguageTheirPolicyAndTheirLifetime() {
    var browser = ConsoleBrowser.signedOut(BANK);
    PageAnswer page = browser.get("/console/sign-in", "Accept-Language", "de").expect(200);
    assertThat(page.html()).contains("lang=\"de\"");
    assertThat(page.http().headers().allValues("Content-Security-Policy"))
        .singleElement()
        .asString()
        .startsWith("default-src 'none'; script-src 'self'");
    assertThat(page.http().headers().allValues("Cache-Control")).hasSize(1);
    PageAnswer style = browser.get("/console/assets/console.css").expect(200);
    assertThat(style.http().headers().allValues("Cache-Control"))
        .containsExactly("max-age=600, private");
    assertThat(
            browser
                .get("/console/overview/figures", "HX-Request", "true")
                .expect(401)
                .header("HX-Redirect"))
        .isEqualTo("/console/sign-in");
  }
}
