package io.kontor.web.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.tenancy.IdGenerator;
import io.kontor.tenancy.TenantId;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fast")
class ApiKeyTest {
  private final ApiKey key = ApiKey.create(new TenantId("north-bank"), IdGenerator.next());

  @Test
  void aKeyNamesItsTenantAndItsId() {
    ApiKey parsed = ApiKey.parse(key.reveal()).orElseThrow();

    assertThat(ApiKey.isMeantBy(key.reveal())).isTrue();
    assertThat(parsed.tenant()).isEqualTo(key.tenant());
    assertThat(parsed.id()).isEqualTo(key.id());
    assertThat(parsed.matches(key.digest())).isTrue();
  }

  @Test
  void aKeyWithAnyCharacterExchangedIsAnotherOrNone() {
    String text = key.reveal();
    for (int i = 0; i < text.length(); i++) {
      char other = text.charAt(i) == '0' ? '1' : '0';
      String altered = text.substring(0, i) + other + text.substring(i + 1);
      assertThat(ApiKey.parse(altered).filter(parsed -> parsed.matches(key.digest())))
          .as(altered)
          .isEmpty();
    }
  }

  @Test
  void whatIsCutLengthenedOrInAnotherCaseIsNoKey() {
    String text = key.reveal();
    assertThat(ApiKey.parse(text.substring(1))).isEmpty();
    assertThat(ApiKey.parse(text.substring(0, text.length() - 1))).isEmpty();
    assertThat(ApiKey.parse(text + "A")).isEmpty();
    assertThat(ApiKey.parse(text + "\n")).isEmpty();
    assertThat(ApiKey.parse(text.replace("north-bank", "North-Bank"))).isEmpty();
    assertThat(ApiKey.parse("kontor_")).isEmpty();
  }

  @Test
  void twoKeysHaveDifferentSecrets() {
    assertThat(ApiKey.create(key.tenant(), key.id()).reveal()).isNotEqualTo(key.reveal());
  }

  @Test
  void aLogLineShowsNoSecret() {
    assertThat(key.reveal()).startsWith(key + "_");
    assertThat(key.toString()).doesNotContain(key.reveal().substring(key.reveal().length() - 43));
  }
}
