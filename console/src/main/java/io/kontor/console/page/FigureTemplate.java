package io.kontor.console.page;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.thymeleaf.context.WebContext;
import org.thymeleaf.spring6.view.ThymeleafViewResolver;
import org.thymeleaf.web.servlet.JakartaServletWebApplication;

/** Makes the overview's figures as HTML, apart from an answer. */
@Component
final class FigureTemplate {
  private final ThymeleafViewResolver views;

  FigureTemplate(ThymeleafViewResolver views) {
    this.views = views;
  }

  String html(
      HttpServletRequest request,
      HttpServletResponse response,
      Locale locale,
      SignedIn person,
      Display show,
      Map<String, @Nullable Part<?>> parts) {
    Map<String, @Nullable Object> values = new HashMap<>(parts);
    values.put("person", person);
    values.put("show", show);
    var exchange =
        JakartaServletWebApplication.buildApplication(request.getServletContext())
            .buildExchange(request, response);
    return Objects.requireNonNull(views.getTemplateEngine())
        .process("console/overview", Set.of("figures"), new WebContext(exchange, locale, values));
  }
}
