package io.kontor.console.page;

import io.kontor.api.money.Money;
import io.kontor.console.client.ApiProblemException;
import java.math.BigDecimal;
import java.text.NumberFormat;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import org.springframework.context.MessageSource;

/** How values are shown to a reader of a language. */
final class Display {
  /** A browser's script replaces it by the reader's own time. */
  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final MessageSource messages;
  private final Locale locale;

  Display(MessageSource messages, Locale locale) {
    this.messages = messages;
    this.locale = locale;
  }

  /** All digits of an amount, with the code of its currency. */
  public String money(Money money) {
    return amount(money.amount()) + " " + money.currency().getCurrencyCode();
  }

  /** A decimal string with the language's separators, and as many digits as it has. */
  public String amount(String decimal) {
    var exact = new BigDecimal(decimal);
    NumberFormat format = NumberFormat.getNumberInstance(locale);
    format.setMinimumFractionDigits(exact.scale());
    format.setMaximumFractionDigits(exact.scale());
    return format.format(exact);
  }

  /** An idempotency key for a form. */
  public String newKey() {
    return UUID.randomUUID().toString();
  }

  public String count(long number) {
    return NumberFormat.getIntegerInstance(locale).format(number);
  }

  /** A number that need not be exact, such as a rate: with one decimal. */
  public String rate(double number) {
    NumberFormat format = NumberFormat.getNumberInstance(locale);
    format.setMaximumFractionDigits(1);
    return format.format(number);
  }

  public String time(Instant instant) {
    return UTC.format(instant);
  }

  /** A problem in words for people; what the API says where there are none for it. */
  public String words(ApiProblemException problem) {
    return Objects.requireNonNullElse(
        messages.getMessage("problem." + problem.slug(), null, problem.detail(), locale), "");
  }
}
