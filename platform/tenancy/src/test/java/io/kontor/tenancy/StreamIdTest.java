package io.kontor.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fast")
class StreamIdTest {
  private static final String NAME = "acme/01900000-0000-7000-8000-000000000001";

  @Test
  void aStreamIsNamedByItsTenantAndItsId() {
    StreamId stream = StreamId.parse(NAME);
    assertThat(stream.tenant()).isEqualTo(new TenantId("acme"));
    assertThat(stream).hasToString(NAME);
  }

  @Test
  void anyOtherFormIsRefused() {
    for (String other :
        new String[] {
          "",
          "acme",
          "/01900000-0000-7000-8000-000000000001",
          "acme/1-1-1-1-1",
          NAME + "/x",
          "acme/",
          "Acme" + NAME.substring(4)
        }) {
      assertThatThrownBy(() -> StreamId.parse(other)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
