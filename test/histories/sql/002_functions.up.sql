CREATE FUNCTION outer_function() RETURNS text LANGUAGE plpgsql AS $outer$
DECLARE
    body text := $inner$ SELECT $$deep; er$$; $inner$;
    answer text;
BEGIN
    EXECUTE body INTO answer;
    RETURN answer || $_1$ not a parameter; $_1$;
END;
$outer$;
