package io.kontor.web.correlation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kontor.web.paging.Cursor;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.request.EntityTags;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("fast")
class CorrelationContextTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

  @Test
  void aTraceIsContinuedWithASpanOfItsOwn() {
    var correlation = CorrelationContext.continuing(null, "00-" + TRACE + "-b7ad6b7169203331-01");
    assertThat(correlation.parent())
        .matches("00-" + TRACE + "-[0-9a-f]{16}-01")
        .doesNotContain("b7ad6b7169203331");
    assertThat(correlation.id()).isEqualTo(TRACE);
  }

  @Test
  void whereARequestHasASpanThatIsWhatIsHandedOn() {
    var span =
        SpanContext.create(
            TRACE, "b7ad6b7169203331", TraceFlags.getSampled(), TraceState.getDefault());
    assertThat(CorrelationContext.within(span, null).parent())
        .isEqualTo("00-" + TRACE + "-b7ad6b7169203331-01");
    assertThat(CorrelationContext.within(span, null).id()).isEqualTo(TRACE);
    assertThat(CorrelationContext.within(span, "order-17").id()).isEqualTo("order-17");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more"
      })
  void aTraceThatCannotBeMeantBeginsAnew(String traceParent) {
    assertThat(CorrelationContext.continuing(null, traceParent).parent())
        .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00")
        .doesNotContain(TRACE);
  }

  @Test
  void aClientsIdIsKeptUnlessItCouldForgeALogLine() {
    assertThat(CorrelationContext.continuing("order-17", null).id()).isEqualTo("order-17");
    assertThat(CorrelationContext.continuing("a\nb", null).id()).matches("[0-9a-f]{32}");
    assertThat(CorrelationContext.continuing("x".repeat(65), null).id()).matches("[0-9a-f]{32}");
  }

  @Test
  void anEntityTagIsAVersionInQuotes() {
    assertThat(EntityTags.of(3)).isEqualTo("\"3\"");
    assertThat(EntityTags.expectedVersion("\"3\"")).isEqualTo(3);
    assertThat(EntityTags.expectedVersion("*")).isNull();
    assertThat(EntityTags.expectedVersion(null)).isNull();
    for (String malformed : new String[] {"3", "W/\"3\"", "\"x\"", "\"1\",\"2\"", "\"-1\"", ""}) {
      assertThatThrownBy(() -> EntityTags.expectedVersion(malformed))
          .isInstanceOf(ProblemException.class);
    }
  }

  @Test
  void aCursorComesBackAsItWas() {
    assertThat(Cursor.decode(Cursor.encode("2026-01-01|ü"))).isEqualTo("2026-01-01|ü");
    assertThat(Cursor.<Long>decode(null, Long::valueOf)).isNull();
  }
}
