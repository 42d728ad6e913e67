/** The pages: what each asks the API for, and the templates' values. */
@NullMarked
package io.kontor.console.page;

import org.jspecify.annotations.NullMarked;
