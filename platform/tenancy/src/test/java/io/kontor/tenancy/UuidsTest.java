package io.kontor.tenancy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fast")
class UuidsTest {
  @Test
  void hexDigitsInGroupsOfTheUsualLengthAreAUuid() {
    assertThat(
            List.of("0198c0de-0000-7000-8000-00000000000a", "ABCDEF01-aaaa-FFFF-9999-abcdefABCDEF"))
        .allMatch(Uuids::isUuid);
  }

  @Test
  void anyOtherFormIsNot() {
    assertThat(
            List.of(
                "",
                "1-1-1-1-1",
                "0198c0de-0000-7000-8000-00000000000",
                "0198c0de-0000-7000-8000-00000000000a0",
                "0198c0de-0000-7000-8000-00000000000g",
                "0198c0de00000-7000-8000-00000000000a",
                "0198c0d-e0000-7000-8000-00000000000a",
                "0198c0de-0000-7000-8000--0000000000a",
                "0198c0de-0000-7000-8000-00000000000\u0661",
                "0198c0de-0000-7000-8000-00000000000\n"))
        .noneMatch(Uuids::isUuid);
  }
}
