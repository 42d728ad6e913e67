package io.kontor.console.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import jakarta.servlet.http.Cookie;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

@Tag("fast")
class SealedCookiesTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";

  private final SealedCookies cookies = new SealedCookies(SECRET, true);

  @Test
  void anotherNodeWithTheSecretReadsWhatOneWrote() {
    assertThat(new SealedCookies(SECRET, true).read(request("session", written()), "session"))
        .isEqualTo("a token");
  }

  @Test
  void aCookieIsForThisHostAndForHttpsAndOutOfScriptsReach() {
    var response = new MockHttpServletResponse();
    cookies.write(response, "session", "a token", null);
    assertThat(response.getHeader("Set-Cookie"))
        .startsWith("__Host-kontor-session=")
        .contains("Path=/", "Secure", "HttpOnly", "SameSite=Lax")
        .doesNotContain("a token", "Domain");
  }

  @Test
  void whatIsForgedOrOfAnotherSecretOrMovedToAnotherNameIsNotRead() {
    String sealed = written();
    char last = sealed.charAt(sealed.length() - 2);
    String forged =
        sealed.substring(0, sealed.length() - 2)
            + (last == 'A' ? 'B' : 'A')
            + sealed.substring(sealed.length() - 1);
    assertThat(cookies.read(request("session", forged), "session")).isNull();
    assertThat(cookies.read(request("session", "planted"), "session")).isNull();
    assertThat(cookies.read(request("session", "not base 64!"), "session")).isNull();
    assertThat(cookies.read(request("sign-in", sealed), "sign-in")).isNull();
    assertThat(
            new SealedCookies(SECRET.replace('0', '1'), true)
                .read(request("session", sealed), "session"))
        .isNull();
    assertThat(cookies.read(new MockHttpServletRequest(), "session")).isNull();
  }

  @Test
  void aTextThatBrowsersWouldDropIsRejected() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> cookies.write(new MockHttpServletResponse(), "session", "t".repeat(3_500), null));
  }

  private String written() {
    var response = new MockHttpServletResponse();
    cookies.write(response, "session", "a token", null);
    return response.getCookie("__Host-kontor-session").getValue();
  }

  private static MockHttpServletRequest request(String name, String value) {
    var request = new MockHttpServletRequest();
    request.setCookies(new Cookie("__Host-kontor-" + name, value));
    return request;
  }
}
