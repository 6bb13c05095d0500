DROP FUNCTION outer_function();
