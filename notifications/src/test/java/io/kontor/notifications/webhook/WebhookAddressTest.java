package io.kontor.notifications.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("fast")
class WebhookAddressTest {

  @Test
  void aUrlIsReadWithPathAndQuery() {
    var address = WebhookAddress.parse("https://partner.example:8443/a/b?c=d", false);
    assertThat(address).isEqualTo(new WebhookAddress(true, "partner.example", 8443, "/a/b?c=d"));
    assertThat(address.authority()).isEqualTo("partner.example:8443");
    assertThat(WebhookAddress.parse("https://partner.example", false))
        .isEqualTo(new WebhookAddress(true, "partner.example", 443, "/"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "partner.example",
        "http://partner.example/",
        "file:///etc/passwd",
        "https://",
        "https://user:secret@partner.example/",
        "https://partner.example/#part",
        "https://partner.example:0/",
        "https://partner.example:99999/",
        "https://partner.example/a b",
        "https://partner.example/\r\nX: y",
        "https://b\u00fccher.example/",
        "https://127.1/"
      })
  void whatIsNoAddressOnTheInternetIsRefused(String url) {
    assertThatThrownBy(() -> WebhookAddress.parse(url, false))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.168.1.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fec0::1",
        "ff02::1"
      })
  void anAddressThatIsNotPublicIsKnown(String address) {
    assertThat(WebhookAddress.isPublic(InetAddress.ofLiteral(address))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1.1.1.1", "100.63.255.255", "172.32.0.1", "193.0.0.1", "2606:4700::1111"})
  void soIsAPublicOne(String address) {
    assertThat(WebhookAddress.isPublic(InetAddress.ofLiteral(address))).isTrue();
  }
}
