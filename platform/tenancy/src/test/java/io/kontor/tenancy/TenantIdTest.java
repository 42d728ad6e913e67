package io.kontor.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fast")
class TenantIdTest {
  @Test
  void aLetterAndUpTo38LettersDigitsOrHyphensAreATenantId() {
    for (String text : List.of("ab", "a0", "a-", "acme-2", "a" + "z".repeat(38))) {
      assertThat(new TenantId(text).value()).isEqualTo(text);
    }
  }

  @Test
  void anyOtherTextIsNot() {
    for (String text :
        List.of(
            "",
            "a",
            "0a",
            "-a",
            "aB",
            "Ab",
            "a_b",
            "a/b",
            "\u00e4b",
            "ab\n",
            "a" + "z".repeat(39))) {
      assertThatIllegalArgumentException().isThrownBy(() -> new TenantId(text));
    }
  }
}
