package io.kontor.console.page;

import java.util.Locale;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.servlet.ModelAndView;

/** The way in, and the pages for addresses and forms that lead nowhere. */
@Controller
final class StartController {
  private final PageProblems problems;

  StartController(PageProblems problems) {
    this.problems = problems;
  }

  @GetMapping("/")
  String start() {
    return "redirect:/console";
  }

  /** A form without the token of its page, such as one from another site. */
  @RequestMapping("/console/refused")
  ModelAndView refused(Locale locale) {
    return problems.page(HttpStatus.FORBIDDEN, "form-refused", locale);
  }

  @RequestMapping("/console/**")
  ModelAndView nothing(Locale locale) {
    return problems.page(HttpStatus.NOT_FOUND, "not-found", locale);
  }
}
