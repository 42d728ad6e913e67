package io.kontor.console.page;

import io.kontor.console.client.PageCell;
import io.kontor.web.correlation.CorrelationContext;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.context.support.ResourceBundleMessageSource;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

/** What every template has: the person, the display of values and the correlation id. */
@ControllerAdvice(basePackageClasses = PageValues.class)
public final class PageValues {
  private final CallRules rules;
  private final MessageSource messages = messages();

  PageValues(CallRules rules) {
    this.rules = rules;
  }

  /** The texts of the pages: English, and German beside it. */
  public static MessageSource messages() {
    var messages = new ResourceBundleMessageSource();
    messages.setBasename("console.messages");
    messages.setDefaultEncoding("UTF-8");
    messages.setFallbackToSystemLocale(false);
    return messages;
  }

  @ModelAttribute("person")
  @Nullable SignedIn person() {
    return SignedIn.current(rules);
  }

  @ModelAttribute("show")
  Display display(Locale locale) {
    return new Display(messages, locale);
  }

  /** The cell that the page is about; null for the shared tables. */
  @ModelAttribute("cell")
  @Nullable String cell() {
    return PageCell.current();
  }

  /** What links to pages about the same cell begin with. */
  @ModelAttribute("home")
  String home() {
    return PageCell.home();
  }

  @ModelAttribute("correlation")
  String correlation() {
    return CorrelationContext.currentId();
  }
}
